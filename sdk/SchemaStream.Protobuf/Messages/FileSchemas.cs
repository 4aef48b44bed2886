using Google.Protobuf.Reflection;
using SchemaStream.Protobuf.WellKnown;

namespace SchemaStream.Protobuf.Messages;

/// <summary>The schema that a generated class carries, and the schemas of what its file imports.</summary>
internal static class FileSchemas
{
    private static readonly HashSet<string> BuiltIn = new(WellKnownFiles.Names, StringComparer.Ordinal);

    /// <summary>A file as a schema to register. Every file is printed once, however many import it.</summary>
    /// <exception cref="SchemaSerializationException">The descriptor is one that is not understood, such as of an edition.</exception>
    public static ReferencedSchema Of(FileDescriptor file)
    {
        var printed = new Dictionary<string, ReferencedSchema>(StringComparer.Ordinal);
        try
        {
            return Print(file, printed);
        }
        catch (ProtoSchemaException invalid)
        {
            throw new SchemaSerializationException($"The schema of {file.Name} cannot be written as text: {invalid.Message}", invalid);
        }
    }

    private static ReferencedSchema Print(FileDescriptor file, Dictionary<string, ReferencedSchema> printed)
    {
        if (printed.TryGetValue(file.Name, out var known))
        {
            return known;
        }

        var references = new List<ReferencedSchema>();
        foreach (var import in file.Dependencies)
        {
            if (!BuiltIn.Contains(import.Name))
            {
                references.Add(Print(import, printed));
            }
        }

        var imports = new Dictionary<string, ProtoImport>(StringComparer.Ordinal);
        Collect(file, imports);
        var text = ProtoSchema.FromFile(ProtoOf(file), [.. imports.Values]).ToText();
        var schema = new ReferencedSchema(file.Name, file.Name, text, references);
        printed[file.Name] = schema;
        return schema;
    }

    private static void Collect(FileDescriptor file, Dictionary<string, ProtoImport> imports)
    {
        foreach (var import in file.Dependencies)
        {
            if (!BuiltIn.Contains(import.Name) && !imports.ContainsKey(import.Name))
            {
                imports[import.Name] = ProtoImport.FromFile(import.Name, ProtoOf(import));
                Collect(import, imports);
            }
        }
    }

    private static FileDescriptorProto ProtoOf(FileDescriptor file) =>
        FileDescriptorProto.Parser.ParseFrom(file.SerializedData.Span);
}
