using System.Buffers;
using Google.Protobuf.Reflection;

namespace SchemaStream.Protobuf.Messages;

/// <summary>The messages of a writer's file, by name and by path.</summary>
internal sealed class WriterSchema(ProtoSchema schema)
{
    private const int MostNames = 10;

    private static readonly SearchValues<char> DescriptorCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n");

    public string? FirstMessageName => schema.FirstMessageName;

    /// <summary>Reads a schema as a registry has it: text, or a descriptor in base64.</summary>
    /// <exception cref="SchemaSerializationException">It is no Protobuf schema.</exception>
    public static WriterSchema Parse(RegisteredSchema registered, IReadOnlyList<RegisteredSchema> references)
    {
        if (registered.Format != SchemaFormat.Protobuf)
        {
            throw new SchemaSerializationException(
                $"The schema {registered.Id} is {SchemaFormatNames.NameOf(registered.Format)}, not {SchemaFormatNames.NameOf(SchemaFormat.Protobuf)}.");
        }

        try
        {
            var imports = ImportsOf(registered, references);
            return new WriterSchema(IsDescriptor(registered.Text)
                ? ProtoSchema.ParseDescriptor(registered.Text, imports)
                : ProtoSchema.Parse(registered.Text, imports));
        }
        catch (ProtoSchemaException invalid)
        {
            throw new SchemaSerializationException($"The schema {registered.Id} is no Protobuf: {invalid.Message}", invalid);
        }
    }

    /// <summary>The path of a message; null if the file has none of this name.</summary>
    public int[]? Find(string fullName)
    {
        var package = schema.File.Package;
        var rest = package.Length == 0 ? fullName
            : fullName.StartsWith(package + ".", StringComparison.Ordinal) ? fullName[(package.Length + 1)..]
            : null;
        if (rest is null)
        {
            return null;
        }

        var path = new List<int>();
        IReadOnlyList<DescriptorProto> messages = schema.File.MessageType;
        foreach (var name in rest.Split('.'))
        {
            messages = WithoutMapEntries(messages);
            var index = IndexOf(messages, name);
            if (index < 0)
            {
                return null;
            }

            path.Add(index);
            messages = messages[index].NestedType;
        }

        return [.. path];
    }

    /// <summary>
    /// The name of the message at a path: counted as in the text, where maps have no entries, or else as in the descriptor,
    /// which is what writers of some languages do. Null if there is none either way.
    /// </summary>
    public string? NameAt(ReadOnlySpan<int> path) => NameAt(path, WithoutMapEntries) ?? NameAt(path, static messages => messages);

    /// <summary>The names of its first messages.</summary>
    public string Describe()
    {
        var messages = schema.File.MessageType;
        var names = new List<string>();
        for (var i = 0; i < messages.Count && i < MostNames; i++)
        {
            names.Add(NameAt([i])!);
        }

        return names.Count == 0 ? "none" : string.Join(", ", names) + (messages.Count > MostNames ? ", …" : "");
    }

    private string? NameAt(ReadOnlySpan<int> path, Func<IReadOnlyList<DescriptorProto>, IReadOnlyList<DescriptorProto>> counted)
    {
        var name = schema.File.Package;
        IReadOnlyList<DescriptorProto> messages = schema.File.MessageType;
        foreach (var index in path)
        {
            messages = counted(messages);
            if (index < 0 || index >= messages.Count)
            {
                return null;
            }

            name = name.Length == 0 ? messages[index].Name : $"{name}.{messages[index].Name}";
            messages = messages[index].NestedType;
        }

        return name;
    }

    private static IReadOnlyList<DescriptorProto> WithoutMapEntries(IReadOnlyList<DescriptorProto> messages) =>
        messages.Any(static message => message.Options?.MapEntry == true)
            ? [.. messages.Where(static message => message.Options?.MapEntry != true)]
            : messages;

    private static int IndexOf(IReadOnlyList<DescriptorProto> messages, string name)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A reference is imported under the name that its referrer gave it, which the referenced schema does not know.</summary>
    private static List<ProtoImport> ImportsOf(RegisteredSchema registered, IReadOnlyList<RegisteredSchema> references)
    {
        var names = new Dictionary<(string, int), string>();
        foreach (var referrer in references.Append(registered))
        {
            foreach (var reference in referrer.References)
            {
                names[(reference.Subject, reference.Version)] = reference.Name;
            }
        }

        // One path can be reached in several versions. A program can be built with one of them alone: the first is taken.
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var imports = new List<ProtoImport>(references.Count);
        foreach (var reference in references)
        {
            if (reference.Subject is { } subject && names.TryGetValue((subject, reference.Version), out var name) && taken.Add(name))
            {
                imports.Add(IsDescriptor(reference.Text)
                    ? ProtoImport.FromDescriptor(name, reference.Text)
                    : ProtoImport.FromText(name, reference.Text));
            }
        }

        return imports;
    }

    /// <summary>No <c>.proto</c> text has the characters of base64 alone.</summary>
    private static bool IsDescriptor(string text) => text.Length > 0 && text.AsSpan().IndexOfAnyExcept(DescriptorCharacters) < 0;
}
