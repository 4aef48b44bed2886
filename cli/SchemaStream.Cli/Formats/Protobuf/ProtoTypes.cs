using Google.Protobuf;
using Google.Protobuf.Reflection;
using SchemaStream.Protobuf;

namespace SchemaStream.Cli.Formats.Protobuf;

/// <summary>The messages of a file and of all that it imports.</summary>
internal sealed class ProtoTypes
{
    private readonly Dictionary<string, MessageDescriptor> _byName = new(StringComparer.Ordinal);

    public ProtoTypes(ProtoSchema schema)
    {
        var files = FileDescriptor.BuildFromByteStrings(
            schema.Dependencies.Append(schema.File).Select(file => WithoutServices(file).ToByteString()));
        Main = files[^1];
        foreach (var message in files.SelectMany(file => file.MessageTypes))
        {
            Collect(message);
        }
    }

    public FileDescriptor Main { get; }

    /// <exception cref="CodecException">No file has the message.</exception>
    public MessageDescriptor Find(string fullName) => _byName.GetValueOrDefault(fullName)
        ?? throw new CodecException($"the schema has no message {fullName}; it has {string.Join(", ", Main.MessageTypes.Take(10).Select(type => type.FullName))}");

    /// <summary>The type that an Any names.</summary>
    public MessageDescriptor Resolve(string url)
    {
        var name = url[(url.LastIndexOf('/') + 1)..];
        return _byName.GetValueOrDefault(name)
            ?? throw new CodecException($"an Any holds a {name}, which neither the schema nor what it imports has");
    }

    /// <summary>The message at a path of indexes: map entries are not counted, as most writers have it; else with them.</summary>
    public MessageDescriptor At(ReadOnlySpan<int> path) => At(path, withEntries: false) ?? At(path, withEntries: true)
        ?? throw new CodecException($"the message indexes [{string.Join(", ", path.ToArray())}] lead to no message of the schema");

    /// <summary>The path of indexes that leads to a message of the main file.</summary>
    public int[] PathOf(MessageDescriptor message)
    {
        if (message.File != Main)
        {
            throw new CodecException($"{message.FullName} is of an imported file: a message of the schema itself is wanted");
        }

        var path = new List<int>();
        for (var inner = message; inner is not null; inner = inner.ContainingType)
        {
            var siblings = inner.ContainingType is { } outer ? outer.NestedTypes : Main.MessageTypes;
            path.Insert(0, siblings.Where(type => !IsEntry(type)).ToList().IndexOf(inner));
        }

        return [.. path];
    }

    private MessageDescriptor? At(ReadOnlySpan<int> path, bool withEntries)
    {
        MessageDescriptor? found = null;
        IEnumerable<MessageDescriptor> messages = Main.MessageTypes;
        foreach (var index in path)
        {
            found = index < 0 ? null : messages.Where(type => withEntries || !IsEntry(type)).ElementAtOrDefault(index);
            if (found is null)
            {
                return null;
            }

            messages = found.NestedTypes;
        }

        return found;
    }

    private static bool IsEntry(MessageDescriptor type) => type.GetOptions()?.MapEntry == true;

    // Nothing of them is needed, and what is not there cannot be refused.
    private static FileDescriptorProto WithoutServices(FileDescriptorProto file)
    {
        if (file.Service.Count == 0)
        {
            return file;
        }

        var copy = file.Clone();
        copy.Service.Clear();
        return copy;
    }

    private void Collect(MessageDescriptor message)
    {
        _byName.TryAdd(message.FullName, message);
        foreach (var nested in message.NestedTypes)
        {
            Collect(nested);
        }
    }
}
