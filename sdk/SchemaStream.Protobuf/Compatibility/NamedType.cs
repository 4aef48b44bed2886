using Google.Protobuf.Reflection;

namespace SchemaStream.Protobuf.Compatibility;

/// <summary>A message of a schema or of one of its imports.</summary>
internal sealed class NamedType(string fullName, FileDescriptorProto file, DescriptorProto message, TypeOrigin origin)
{
    /// <summary>The name with package and leading dot, as fields refer to it.</summary>
    public string FullName { get; } = fullName;

    /// <summary>The name within its package: a package can be moved to another import without changing the data.</summary>
    public string LocalName { get; } = fullName[(file.Package.Length == 0 ? 1 : file.Package.Length + 2)..];

    public DescriptorProto Message { get; } = message;

    /// <summary>Whether a single field without a label is written here as proto3 writes it.</summary>
    public bool IsProto3 { get; } = file.Syntax == "proto3";

    public bool IsImported { get; } = origin == TypeOrigin.Import;

    public bool IsMapEntry => Message.Options?.MapEntry == true;

    /// <summary>Where differences within it are reported.</summary>
    public string Path => "#/" + LocalName.Replace('.', '/');
}

/// <summary>Which file declares a type.</summary>
internal enum TypeOrigin
{
    Schema = 0,
    Import = 1,
}
