namespace SchemaStream.Bench.Serialization.Cases;

/// <summary>The cases of one format: a file each, listed in <see cref="Formats"/>.</summary>
internal interface IFormatCases
{
    /// <summary>Encode and decode of small, order and large, in that order.</summary>
    IEnumerable<Comparison> All();
}

/// <summary>What the summary prints, in its order.</summary>
internal static class Formats
{
    public static IReadOnlyList<IFormatCases> All { get; } = 
    [
        new AvroGeneratedCases(), new AvroRuntimeCases(), JsonCases.Plain, JsonCases.Validated, new ProtobufCases(), new FramingCases(),
    ];
}
