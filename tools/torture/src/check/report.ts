/** Tells of a broken rule. The rule's name is stable; the evidence is for reading. */
export type Report = (rule: string, evidence: string) => void;
