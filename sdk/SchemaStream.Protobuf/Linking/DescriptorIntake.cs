using Google.Protobuf.Reflection;
using Label = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Label;

namespace SchemaStream.Protobuf.Linking;

/// <summary>Brings a descriptor that someone else made into the form of protoc's.</summary>
internal static class DescriptorIntake
{
    /// <param name="file">The descriptor, which is changed.</param>
    /// <param name="name">The imported file's name for faults; null for the schema itself.</param>
    public static FileDescriptorProto Prepare(FileDescriptorProto file, string? name)
    {
        switch (file.Syntax)
        {
            case "proto2":
                file.ClearSyntax();
                break;
            case "" or "proto3":
                break;
            case "editions":
                throw LinkedFile.Fault(name, "Editions are not supported: the descriptor must be of proto2 or proto3.", default);
            default:
                throw LinkedFile.Fault(name, $"Unrecognized syntax \"{file.Syntax}\".", default);
        }

        // Comments and places belong to a text; a descriptor stands for all its texts.
        file.SourceCodeInfo = null;
        file.ClearEdition();
        foreach (var index in file.PublicDependency.Concat(file.WeakDependency))
        {
            if (index < 0 || index >= file.Dependency.Count)
            {
                throw LinkedFile.Fault(name, $"There is no import number {index}.", default);
            }
        }

        foreach (var package in file.Package.Length == 0 ? [] : file.Package.Split('.'))
        {
            if (!Names.IsIdentifier(package))
            {
                throw LinkedFile.Fault(name, "The package is not a valid name.", default);
            }
        }

        PrepareFields(file.Extension, name);
        foreach (var message in file.MessageType)
        {
            PrepareMessage(message, name, 1);
        }

        foreach (var method in file.Service.SelectMany(static s => s.Method))
        {
            // False is what is understood: only true is ever written.
            if (!method.ClientStreaming)
            {
                method.ClearClientStreaming();
            }

            if (!method.ServerStreaming)
            {
                method.ClearServerStreaming();
            }
        }

        return file;
    }

    private static void PrepareMessage(DescriptorProto message, string? file, int depth)
    {
        if (depth > ProtoLimits.MaxMessageDepth)
        {
            throw LinkedFile.Fault(file, "Reached maximum recursion limit for nested messages.", default);
        }

        PrepareFields(message.Field, file);
        PrepareFields(message.Extension, file);
        foreach (var nested in message.NestedType)
        {
            PrepareMessage(nested, file, depth + 1);
        }
    }

    private static void PrepareFields(IEnumerable<FieldDescriptorProto> fields, string? file)
    {
        foreach (var field in fields)
        {
            if (!field.HasLabel)
            {
                field.Label = Label.Optional;
            }

            if (!Enum.IsDefined(field.Label) || (field.HasType && !Enum.IsDefined(field.Type)))
            {
                throw LinkedFile.Fault(file, $"Field \"{field.Name}\" has a label or type that does not exist.", default);
            }
        }
    }
}
