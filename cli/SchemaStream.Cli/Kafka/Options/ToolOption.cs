namespace SchemaStream.Cli.Kafka.Options;

/// <summary>An option of one of Kafka's tools.</summary>
/// <param name="Name">Its name, without dashes.</param>
/// <param name="Help">What it does.</param>
/// <param name="Argument">What its value is called; null for one without a value.</param>
internal sealed record ToolOption(string Name, string Help, string? Argument)
{
    /// <summary>Whether the option may stand without its value.</summary>
    public bool IsValueOptional { get; init; }

    /// <summary>Whether all words up to the next option are its values.</summary>
    public bool HasSeveralValues { get; init; }
}

/// <summary>A command of a tool that has several, such as <c>kafka-transactions list</c>.</summary>
/// <param name="Name">Its name, a word without dashes.</param>
/// <param name="Help">What it does.</param>
/// <param name="Options">Options that only it has.</param>
internal sealed record ToolCommand(string Name, string Help, List<ToolOption> Options);
