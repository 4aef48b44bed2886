using Google.Protobuf;
using Google.Protobuf.Reflection;
using SchemaStream.Protobuf.Linking;
using SchemaStream.Protobuf.Parsing;
using SchemaStream.Protobuf.Printing;

namespace SchemaStream.Protobuf;

/// <summary>A Protobuf schema: one <c>.proto</c> file, linked with everything that it imports.</summary>
/// <remarks>
/// The text is understood as <c>protoc</c> understands it: <see cref="File"/> is the descriptor that <c>protoc</c> writes
/// for the same text, and what <c>protoc</c> refuses is refused here, with the line and the column.
/// </remarks>
/// <example>
/// <code>
/// var schema = ProtoSchema.Parse("""
///     syntax = "proto3";
///     package acme;
///     message Order { string id = 1; }
///     """);
/// Console.WriteLine(schema.FirstMessageName); // acme.Order
/// </code>
/// </example>
public sealed class ProtoSchema
{
    /// <summary>The name of a file that was given none: what Confluent's registry calls it too.</summary>
    public const string DefaultName = "default";

    private readonly Linker _linker;

    private ProtoSchema(Linker linker)
    {
        _linker = linker;
        Dependencies = linker.Dependencies;
    }

    /// <summary>The file's descriptor, every type name in it resolved. Do not change it: take a <c>Clone()</c>.</summary>
    public FileDescriptorProto File => _linker.Main.Proto;

    /// <summary>All files imported, directly or not, each after those that it imports itself.</summary>
    public IReadOnlyList<FileDescriptorProto> Dependencies { get; }

    /// <summary>The full name of the first message in the file, which stands for the schema; null when it has none.</summary>
    public string? FirstMessageName => File.MessageType.Count == 0
        ? null
        : File.Package.Length == 0 ? File.MessageType[0].Name : $"{File.Package}.{File.MessageType[0].Name}";

    /// <summary>The names of the fields of all messages that stand at the top of the file.</summary>
    public IEnumerable<string> TopLevelFieldNames =>
        File.MessageType.SelectMany(static message => message.Field).Select(static f => f.Name);

    /// <summary>Reads the text of a <c>.proto</c> file and links it.</summary>
    /// <param name="text">The text, proto2 or proto3.</param>
    /// <param name="imports">The files that it, or one of these, imports; those that nothing imports are not read.</param>
    /// <param name="name">The file's name in its descriptor.</param>
    /// <exception cref="ProtoSchemaException">The text is not a valid file, or an import is missing or invalid.</exception>
    public static ProtoSchema Parse(string text, IReadOnlyList<ProtoImport>? imports = null, string name = DefaultName)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var parsed = ProtoParser.Parse(name, text, static (message, place) => LinkedFile.Fault(null, message, place));
        return new ProtoSchema(Linker.Link(name, parsed, imports ?? []));
    }

    /// <summary>Reads a base64 <c>FileDescriptorProto</c>, the other form in which schemas are registered, and links it.</summary>
    /// <param name="base64">The descriptor's bytes in base64.</param>
    /// <param name="imports">The files that it, or one of these, imports.</param>
    /// <param name="name">The name to give the file; null keeps the descriptor's.</param>
    /// <exception cref="ProtoSchemaException">The bytes are not a valid descriptor, or an import is missing or invalid.</exception>
    public static ProtoSchema ParseDescriptor(
        string base64, IReadOnlyList<ProtoImport>? imports = null, string? name = DefaultName)
    {
        ArgumentNullException.ThrowIfNull(base64);
        if (base64.Length > ProtoLimits.MaxFileLength)
        {
            throw new ProtoSchemaException(
                $"The descriptor has {base64.Length} characters, {ProtoLimits.MaxFileLength} are allowed.");
        }

        try
        {
            var file = FileDescriptorProto.Parser.ParseFrom(Convert.FromBase64String(base64));
            file.Name = name ?? (file.Name.Length > 0 ? file.Name : DefaultName);
            return Link(file, imports);
        }
        catch (FormatException exception)
        {
            throw new ProtoSchemaException("The text is not base64.", exception);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new ProtoSchemaException("The bytes are not a FileDescriptorProto.", exception);
        }
    }

    /// <summary>Links a descriptor, which is copied first: names need not be resolved, options need not be interpreted.</summary>
    /// <param name="file">The descriptor.</param>
    /// <param name="imports">The files that it, or one of these, imports.</param>
    /// <exception cref="ProtoSchemaException">The descriptor is not valid, or an import is missing or invalid.</exception>
    public static ProtoSchema FromFile(FileDescriptorProto file, IReadOnlyList<ProtoImport>? imports = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        var copy = file.Clone();
        copy.Name = copy.Name.Length > 0 ? copy.Name : DefaultName;
        return Link(copy, imports);
    }

    private static ProtoSchema Link(FileDescriptorProto file, IReadOnlyList<ProtoImport>? imports)
    {
        var parsed = new ParsedFile(DescriptorIntake.Prepare(file, null), new SourcePlaces());
        return new ProtoSchema(Linker.Link(file.Name, parsed, imports ?? []));
    }

    /// <summary>The canonical text: the same for all texts that give the same descriptor. Comments are not part of it.</summary>
    public string ToText() => ProtoPrinter.Canonical(_linker, withoutExtensions: false);

    /// <summary>The canonical text without <c>extensions</c> and <c>extend</c> (Confluent's <c>format=ignore_extensions</c>).</summary>
    public string ToTextWithoutExtensions() => ProtoPrinter.Canonical(_linker, withoutExtensions: true);

    /// <summary>The normal form: the canonical text with imports and options sorted and type names written in full.</summary>
    public string ToNormalizedText() => ProtoPrinter.Normalized(_linker);

    /// <summary>The descriptor's bytes in base64 (Confluent's <c>format=serialized</c>).</summary>
    public string ToBase64() => Convert.ToBase64String(File.ToByteArray());
}
