using Google.Protobuf.Reflection;
using Label = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Label;
using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace SchemaStream.Protobuf.Linking;

/// <summary>Something that has a full name.</summary>
internal abstract class Symbol(string fullName, LinkedFile file)
{
    public string FullName { get; } = fullName;

    public LinkedFile File { get; } = file;

    /// <summary>Whether a field may be of it.</summary>
    public virtual bool IsType => false;

    /// <summary>Whether names can be looked up inside it.</summary>
    public virtual bool IsAggregate => false;

    /// <summary>The full name of what it is declared in; empty for the top of a file without package.</summary>
    public string Scope => Names.Parent(FullName);

    public string Name => FullName[(FullName.LastIndexOf('.') + 1)..];
}

internal sealed class PackageSymbol(string fullName, LinkedFile file) : Symbol(fullName, file)
{
    public override bool IsAggregate => true;
}

internal sealed class MessageSymbol(string fullName, LinkedFile file, DescriptorProto proto) : Symbol(fullName, file)
{
    private readonly Dictionary<string, FieldSymbol> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<int, FieldSymbol> _byNumber = [];
    private FieldSymbol[]? _required;
    private (int Start, int End)[]? _extensionRanges;

    public DescriptorProto Proto { get; } = proto;

    public override bool IsType => true;

    public override bool IsAggregate => true;

    public bool IsMapEntry => Proto.Options is { MapEntry: true };

    public FieldSymbol? Field(int number) => _byNumber.GetValueOrDefault(number);

    public FieldSymbol? Field(string name) => _byName.GetValueOrDefault(name);

    public void AddField(FieldSymbol field) => _byName.TryAdd(field.Name, field);

    /// <summary>The fields without which a message of it is no message.</summary>
    public IReadOnlyList<FieldSymbol> RequiredFields =>
        _required ??= [.. _byNumber.Values.Where(static f => f.Proto.Label == Label.Required)];

    /// <summary>Whether a number is one that extensions may have.</summary>
    public bool TakesExtension(int number)
    {
        _extensionRanges ??= [.. Proto.ExtensionRange.Select(static r => (r.Start, r.End)).OrderBy(static r => r.Start)];
        var (low, high) = (0, _extensionRanges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _extensionRanges[middle].Start <= number ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && number < _extensionRanges[low - 1].End;
    }

    /// <summary>Takes a number; gives who has it already.</summary>
    public FieldSymbol? TakeNumber(FieldSymbol field) =>
        _byNumber.TryAdd(field.Proto.Number, field) ? null : _byNumber[field.Proto.Number];
}

internal sealed class FieldSymbol(string fullName, LinkedFile file, FieldDescriptorProto proto) : Symbol(fullName, file)
{
    public FieldDescriptorProto Proto { get; } = proto;

    public bool IsExtension => Proto.HasExtendee;

    /// <summary>The message that it belongs to: for an extension, the one it extends.</summary>
    public MessageSymbol? Containing { get; set; }

    /// <summary>The message or enum of its type; null for built-in types.</summary>
    public Symbol? TypeSymbol { get; set; }

    public bool IsRepeated => Proto.Label == Label.Repeated;

    public bool IsMessage => Proto.Type is Type.Message or Type.Group;

    public MessageSymbol MessageType => (MessageSymbol)TypeSymbol!;

    public EnumSymbol EnumType => (EnumSymbol)TypeSymbol!;

    /// <summary>Whether the wire form of several values is one record.</summary>
    public bool IsPacked =>
        IsRepeated && !IsMessage && Proto.Type is not (Type.String or Type.Bytes)
        && (Proto.Options is { HasPacked: true } ? Proto.Options.Packed : File.IsProto3);

    /// <summary>Whether a zero set and nothing set are two things.</summary>
    public bool HasPresence =>
        !IsRepeated && (IsMessage || IsExtension || !File.IsProto3 || Proto.HasOneofIndex || Proto.Proto3Optional);
}

internal sealed class OneofSymbol(string fullName, LinkedFile file) : Symbol(fullName, file);

internal sealed class EnumSymbol(string fullName, LinkedFile file, EnumDescriptorProto proto) : Symbol(fullName, file)
{
    private Dictionary<string, int>? _numbers;
    private Dictionary<int, string>? _names;

    public EnumDescriptorProto Proto { get; } = proto;

    public override bool IsType => true;

    public override bool IsAggregate => true;

    public bool TryNumber(string name, out int number) => (_numbers ??= Numbers()).TryGetValue(name, out number);

    public string? NameOf(int number) => (_names ??= NamesByNumber()).GetValueOrDefault(number);

    private Dictionary<string, int> Numbers() => Proto.Value.ToDictionary(static v => v.Name, static v => v.Number, StringComparer.Ordinal);

    // Of several names of one number, the first.
    private Dictionary<int, string> NamesByNumber()
    {
        var names = new Dictionary<int, string>();
        foreach (var value in Proto.Value)
        {
            names.TryAdd(value.Number, value.Name);
        }

        return names;
    }
}

internal sealed class EnumValueSymbol(string fullName, LinkedFile file) : Symbol(fullName, file);

internal sealed class ServiceSymbol(string fullName, LinkedFile file) : Symbol(fullName, file)
{
    public override bool IsAggregate => true;
}

internal sealed class MethodSymbol(string fullName, LinkedFile file) : Symbol(fullName, file);
