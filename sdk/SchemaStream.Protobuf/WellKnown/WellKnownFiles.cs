using System.Text;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using SchemaStream.Protobuf.Linking;
using SchemaStream.Protobuf.Parsing;

namespace SchemaStream.Protobuf.WellKnown;

/// <summary>The files that need not be given: Google.Protobuf's own, and those written down beside this class.</summary>
internal static class WellKnownFiles
{
    /// <summary>The file that options are declared in.</summary>
    public const string Descriptor = "google/protobuf/descriptor.proto";

    private const string ResourcePrefix = "well-known/";

    private static readonly Dictionary<string, Lazy<FileDescriptorProto>> Files = Collect();

    /// <summary>Their paths, as <c>import</c> spells them.</summary>
    public static IEnumerable<string> Names => Files.Keys;

    /// <summary>A file's descriptor, which must not be changed; null for a path that is not well known.</summary>
    public static FileDescriptorProto? Find(string name) => Files.TryGetValue(name, out var file) ? file.Value : null;

    private static Dictionary<string, Lazy<FileDescriptorProto>> Collect()
    {
        var files = new Dictionary<string, Lazy<FileDescriptorProto>>(StringComparer.Ordinal)
        {
            ["google/protobuf/any.proto"] = new(static () => Complete(AnyReflection.Descriptor)),
            ["google/protobuf/api.proto"] = new(static () => Complete(ApiReflection.Descriptor)),
            [Descriptor] = new(static () => Complete(FileDescriptorProto.Descriptor.File)),
            ["google/protobuf/duration.proto"] = new(static () => Complete(DurationReflection.Descriptor)),
            ["google/protobuf/empty.proto"] = new(static () => Complete(EmptyReflection.Descriptor)),
            ["google/protobuf/field_mask.proto"] = new(static () => Complete(FieldMaskReflection.Descriptor)),
            ["google/protobuf/source_context.proto"] = new(static () => Complete(SourceContextReflection.Descriptor)),
            ["google/protobuf/struct.proto"] = new(static () => Complete(StructReflection.Descriptor)),
            ["google/protobuf/timestamp.proto"] = new(static () => Complete(TimestampReflection.Descriptor)),
            ["google/protobuf/type.proto"] = new(static () => Complete(TypeReflection.Descriptor)),
            ["google/protobuf/wrappers.proto"] = new(static () => Complete(WrappersReflection.Descriptor)),
        };
        foreach (var resource in typeof(WellKnownFiles).Assembly.GetManifestResourceNames())
        {
            if (resource.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            {
                files[resource[ResourcePrefix.Length..]] = new(() => Read(resource));
            }
        }

        return files;
    }

    // Generated code carries the descriptor without the JSON names, which protoc's own output has.
    private static FileDescriptorProto Complete(FileDescriptor descriptor)
    {
        var file = FileDescriptorProto.Parser.ParseFrom(descriptor.SerializedData);
        var messages = new Stack<DescriptorProto>(file.MessageType);
        while (messages.TryPop(out var message))
        {
            foreach (var field in message.Field)
            {
                field.JsonName = field.HasJsonName ? field.JsonName : FieldNames.Json(field.Name);
            }

            foreach (var nested in message.NestedType)
            {
                messages.Push(nested);
            }
        }

        return file;
    }

    private static FileDescriptorProto Read(string resource)
    {
        using var stream = typeof(WellKnownFiles).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var name = resource[ResourcePrefix.Length..];
        var parsed = ProtoParser.Parse(name, reader.ReadToEnd(), (message, place) => LinkedFile.Fault(name, message, place));
        return Linker.Link(name, parsed, []).Main.Proto;
    }
}
