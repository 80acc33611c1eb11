/** A kind of document: its rule, and what the reasoning about one names. No text needs escaping in JSON. */
export interface DocumentType {
  readonly type: string
  readonly description: string
  readonly evidence: readonly string[]
}

/** Ordered by how often they occur, most frequent first. */
export const DOCUMENT_TYPES: readonly DocumentType[] = [
  {
    type: 'invoice',
    description:
      'Request for payment issued by a supplier: shows an invoice number, an issue date, line items with quantities and unit prices, tax, and a total amount due with payment terms or bank details.',
    evidence: ['an invoice number', 'line items with unit prices', 'a total amount due', 'payment terms'],
  },
  {
    type: 'receipt',
    description:
      'Proof that a purchase was paid: names the merchant, the date and time of the transaction, the items bought, the means of payment and the amount paid. Often narrow and printed by a till.',
    evidence: ['a merchant name', 'a time of sale', 'the means of payment', 'an amount paid'],
  },
  {
    type: 'purchase_order',
    description:
      'Order that a buyer sends to a supplier before delivery: carries a purchase order number, a delivery address, requested quantities and agreed prices, and no request for payment yet.',
    evidence: ['a purchase order number', 'a delivery address', 'requested quantities'],
  },
  {
    type: 'bank_statement',
    description:
      'Periodic statement of a bank account: opening and closing balance, the account number, and a table of dated debits and credits with a running balance for the period.',
    evidence: ['opening and closing balances', 'an account number', 'a table of dated transactions'],
  },
  {
    type: 'contract',
    description:
      'Legal agreement between two or more parties: defines the parties, recitals, obligations, term and termination, governing law, and ends with signature blocks or electronic signatures.',
    evidence: ['named parties', 'clauses on term and termination', 'signature blocks', 'a governing law'],
  },
  {
    type: 'delivery_note',
    description:
      'Paper that accompanies goods: lists what was shipped and in which quantity, the consignee and the carrier, usually without prices, and has a place for the signature of the recipient.',
    evidence: ['shipped quantities', 'a consignee', 'a signature of receipt'],
  },
  {
    type: 'payslip',
    description:
      'Statement of wages for one employee and one period: gross pay, tax and social security deductions, net pay, and often sums for the year to date and remaining days of leave.',
    evidence: ['gross and net pay', 'tax deductions', 'an employee number', 'sums for the year to date'],
  },
  {
    type: 'tax_form',
    description:
      'Form issued by or sent to a tax authority, with numbered boxes, a taxpayer identification number and a tax year; includes declarations, assessments and certificates of tax withheld.',
    evidence: ['numbered boxes', 'a taxpayer identification number', 'a tax year'],
  },
  {
    type: 'insurance_claim',
    description:
      'Report of a loss to an insurer: policy number, date and account of the incident, damaged items or injured persons, the amount claimed, and photographs or repair estimates attached.',
    evidence: ['a policy number', 'an account of the incident', 'the amount claimed'],
  },
  {
    type: 'resume',
    description:
      'Summary of the career of a person who applies for work: contact details, work experience with dates, education, skills and languages, sometimes with a photograph or a cover letter.',
    evidence: ['work experience with dates', 'a list of skills', 'contact details'],
  },
  {
    type: 'identity_document',
    description:
      'Passport, identity card or driving licence: photograph of the holder, document number, date of birth, dates of issue and expiry, and often a machine readable zone.',
    evidence: ['a document number', 'a machine readable zone', 'a date of expiry'],
  },
  {
    type: 'medical_report',
    description:
      'Findings of a physician or a laboratory about a patient: patient data, diagnosis codes, measured values with reference ranges, medication and recommendations for treatment.',
    evidence: ['measured values with reference ranges', 'a diagnosis code', 'the name of a physician'],
  },
  {
    type: 'meeting_minutes',
    description:
      'Record of a meeting: date, place and attendants, the items of the agenda, decisions taken, and a list of tasks with the persons responsible and due dates.',
    evidence: ['a list of attendants', 'decisions taken', 'tasks with due dates'],
  },
  {
    type: 'technical_datasheet',
    description:
      'Description of a product by its maker: article number, dimensional drawings, electrical or mechanical characteristics in tables, operating conditions and approvals.',
    evidence: ['tables of characteristics', 'a dimensional drawing', 'operating conditions'],
  },
]
