namespace SchemaStream.Cli.Kafka;

/// <summary>A table as the newer of Kafka's tools print it: each column as wide as its widest field, and a tab behind each.</summary>
internal static class ToolTable
{
    public static void Write(TextWriter output, IReadOnlyList<string> heads, IReadOnlyCollection<IReadOnlyList<string>> rows)
    {
        var widths = heads.Select((head, column) => rows.Select(row => row[column].Length).Append(head.Length).Max()).ToList();
        foreach (var row in rows.Prepend(heads))
        {
            for (var column = 0; column < widths.Count; column++)
            {
                output.Write(row[column].PadRight(widths[column]));
                output.Write('\t');
            }

            output.Write('\n');
        }
    }
}
