namespace SchemaStream.Cli.Formats;

/// <summary>What keys or values are taken for.</summary>
/// <param name="Primitive">A form without a schema; null: by the schema's id, the topic's contract or, failing both, what they look like.</param>
internal sealed record SlotFormat(SchemaFormat? Primitive)
{
    public static readonly SlotFormat Auto = new((SchemaFormat?)null);

    /// <summary>The words that may stand on a command line.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["auto", .. SchemaFormatNames.All.Where(name => SchemaFormatNames.TryParse(name, out var format) && !SchemaFormatNames.HasSchema(format))];

    /// <summary>Null for a word that is none of <see cref="Names"/>.</summary>
    public static SlotFormat? Find(string name) =>
        name.Equals("auto", StringComparison.OrdinalIgnoreCase) ? Auto
        : SchemaFormatNames.TryParse(name, out var format) && !SchemaFormatNames.HasSchema(format) ? new SlotFormat(format)
        : null;
}
