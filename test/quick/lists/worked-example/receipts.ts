import { type FieldsOf, json, key, type List, moment, number, text } from '../../../../src/lists/list.ts'
import { changeComments, changesTable, jobComments, jobsTable } from '../../../../src/lists/tables.ts'

/** As the API describes an item; for real lists the official client has this type. */
interface Receipt {
  readonly id: string
  readonly project_id: string
  readonly status: string
  readonly merchant?: string | null
  readonly total?: { readonly amount?: number | null; readonly currency?: string | null } | null
  readonly lines?: readonly object[] | null
  readonly created_at: string
  readonly updated_at: string
}

/** A list that the API does not have: all that has to be written for one. */
export const receipts = {
  name: 'receipts',
  jobs: { table: 'receipts', comment: 'Receipts, one row per receipt, kept in step with the API.' },
  changes: {
    table: 'receipt_changes',
    comment: 'Observed changes of receipts, one row per change. The first state is not a change.',
  },
  call: (client, query, options) => client.get('/api/v2/receipts', { query, ...options }),
  byConfiguration: false,
  asksById: true,
  ends: ['DONE', 'FAILED'],
  fields: {
    id: key('id', 'Id of the receipt, given by LlamaCloud.'),
    project_id: key('project_id', 'Project that the receipt belongs to.'),
    status: key('status', 'waiting, done or failed.', { change: 'Status' }),
    merchant: text('merchant', 'Who issued the receipt.', { erase: true }),
    total: {
      amount: number('total_amount', 'Amount that was paid.', { change: 'Amount' }),
      currency: key('total_currency', 'Currency of the amount.'),
    },
    lines: json('lines', 'What was bought.', { erase: true }),
    created_at: moment('created_at', 'When the receipt was created, by the clock of LlamaCloud.'),
    updated_at: moment('updated_at', 'When the receipt last changed, by the clock of LlamaCloud.', {
      change: 'updated_at',
    }),
  } satisfies FieldsOf<Receipt>,
} satisfies List

export const receiptRows = jobsTable(receipts)
export const receiptChanges = changesTable(receipts, receiptRows)

export const receiptRowsComments = jobComments(receipts)
export const receiptChangesComments = changeComments(receipts)
