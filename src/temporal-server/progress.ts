/** Told of each step that takes longer than a moment, one line a call. */
export type Progress = (line: string) => void;
