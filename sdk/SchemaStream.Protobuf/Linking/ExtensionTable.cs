namespace SchemaStream.Protobuf.Linking;

/// <summary>The extensions of each message, by number.</summary>
internal sealed class ExtensionTable
{
    private readonly Dictionary<(string Extendee, int Number), FieldSymbol> _extensions = [];

    /// <summary>Takes a number; gives who has it already.</summary>
    public FieldSymbol? Take(MessageSymbol extendee, FieldSymbol extension)
    {
        var key = (extendee.FullName, extension.Proto.Number);
        return _extensions.TryAdd(key, extension) ? null : _extensions[key];
    }

    public FieldSymbol? Find(MessageSymbol extendee, int number) =>
        _extensions.GetValueOrDefault((extendee.FullName, number));
}
