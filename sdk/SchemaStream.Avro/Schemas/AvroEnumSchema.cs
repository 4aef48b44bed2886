namespace SchemaStream.Avro.Schemas;

/// <summary>An enum: a closed list of symbols.</summary>
public sealed class AvroEnumSchema : AvroNamedSchema
{
    private readonly Dictionary<string, int> _ordinals;

    internal AvroEnumSchema(
        AvroNaming naming,
        IReadOnlyList<string> symbols,
        string? defaultSymbol,
        IReadOnlyList<AvroProperty> properties)
        : base(AvroSchemaKind.Enum, naming, null, properties)
    {
        Symbols = symbols;
        Default = defaultSymbol;
        _ordinals = new Dictionary<string, int>(symbols.Count);
        for (var i = 0; i < symbols.Count; i++)
        {
            _ordinals.TryAdd(symbols[i], i);
        }
    }

    /// <summary>The symbols in the order of their numbers.</summary>
    public IReadOnlyList<string> Symbols { get; }

    /// <summary>The symbol that a reader takes for one it does not know; null for none.</summary>
    public string? Default { get; }

    /// <summary>The number of a symbol; -1 when it is not one of them.</summary>
    /// <param name="symbol">The symbol.</param>
    public int OrdinalOf(string symbol) => _ordinals.GetValueOrDefault(symbol, -1);
}
