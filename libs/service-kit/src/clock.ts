/** What time it is. Handed in as a function so that a test decides it. */
export type Clock = () => Date;
