using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SchemaStream.Protobuf;

/// <summary>A file that a schema may import: its path as <c>import</c> statements spell it, and its text or descriptor.</summary>
/// <remarks>
/// The well-known types (<c>google/protobuf/*.proto</c>, <c>google/type/*.proto</c>, <c>confluent/meta.proto</c>,
/// <c>confluent/type/decimal.proto</c>) need not be given: they are built in.
/// </remarks>
public sealed class ProtoImport
{
    private ProtoImport(string name, string? text, FileDescriptorProto? file)
    {
        Name = name;
        Text = text;
        File = file;
    }

    /// <summary>The path by which other files import this one, for example <c>acme/money.proto</c>.</summary>
    public string Name { get; }

    /// <summary>The <c>.proto</c> text; null where a descriptor was given instead.</summary>
    public string? Text { get; }

    /// <summary>The descriptor; null where the text was given instead.</summary>
    public FileDescriptorProto? File { get; }

    /// <summary>An import given as <c>.proto</c> text.</summary>
    /// <param name="name">The path that <c>import</c> statements use.</param>
    /// <param name="text">The file's text.</param>
    public static ProtoImport FromText(string name, string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(text);
        return new ProtoImport(name, text, null);
    }

    /// <summary>An import given as a descriptor.</summary>
    /// <param name="name">The path that <c>import</c> statements use; it replaces the name in the descriptor.</param>
    /// <param name="file">The descriptor, which is not changed.</param>
    public static ProtoImport FromFile(string name, FileDescriptorProto file)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(file);
        return new ProtoImport(name, null, file);
    }

    /// <summary>An import given as a descriptor in base64, the other form in which schemas are registered.</summary>
    /// <param name="name">The path that <c>import</c> statements use; it replaces the name in the descriptor.</param>
    /// <param name="base64">The bytes of a <c>FileDescriptorProto</c> in base64.</param>
    /// <exception cref="ProtoSchemaException">The text is not base64, or the bytes are not a descriptor.</exception>
    public static ProtoImport FromDescriptor(string name, string base64)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(base64);
        try
        {
            return new ProtoImport(name, null, FileDescriptorProto.Parser.ParseFrom(Convert.FromBase64String(base64)));
        }
        catch (Exception exception) when (exception is FormatException or InvalidProtocolBufferException)
        {
            throw new ProtoSchemaException($"The import \"{name}\" is not a FileDescriptorProto in base64.", exception);
        }
    }
}
