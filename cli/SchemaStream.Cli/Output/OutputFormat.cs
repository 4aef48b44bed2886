namespace SchemaStream.Cli.Output;

/// <summary>In what form results are written.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table = 0,

    /// <summary>For programs; the forms are in <c>Output/Schemas</c>.</summary>
    Json = 1,
}
