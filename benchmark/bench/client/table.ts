/** Rows of a table, told as they come. */
export function printRow(first: string, ...cells: readonly string[]): void {
  console.log(first.padEnd(14) + cells.map((cell) => cell.padStart(17)).join(''));
}
