namespace SchemaStream.Analyzers.Locks;

/// <summary>One promise: of a topic's slot, or of a contract's type.</summary>
/// <param name="Topic">The topic; null for a type alone.</param>
/// <param name="Slot"><c>key</c> or <c>value</c>; null for a type alone.</param>
/// <param name="Type">The C# type by its full name, such as <c>Acme.Page&lt;Acme.Order&gt;</c>.</param>
/// <param name="Format">AVRO, JSON or PROTOBUF.</param>
/// <param name="Compatibility">The level in the registry's words, or <c>FROZEN</c>.</param>
/// <param name="Schema">The schema's text.</param>
internal sealed record LockEntry(string? Topic, string? Slot, string Type, string Format, string Compatibility, string Schema)
{
    public const string Avro = "AVRO";
    public const string Json = "JSON";
    public const string Protobuf = "PROTOBUF";
    public const string Frozen = "FROZEN";

    /// <summary>The message's full name; null but for Protobuf, whose schemas are files of several.</summary>
    public string? Message { get; init; }

    /// <summary>What the schema imports, by name, each after what it needs itself; not what comes with Protobuf.</summary>
    public IReadOnlyList<(string Name, string Text)> References { get; init; } = [];

    /// <summary>What messages call it.</summary>
    public string Name => Topic is null ? Type : $"{Topic}/{Slot}";
}
