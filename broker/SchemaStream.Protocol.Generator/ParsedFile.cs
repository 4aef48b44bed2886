using SchemaStream.Protocol.Generator.Emit;
using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Generator;

/// <summary>A definition file, read.</summary>
internal sealed record ParsedFile(string Path, string Namespace, DefinitionFile Content)
{
    /// <summary>The messages to generate: none while the file has errors, which are what its author needs to see.</summary>
    public IEnumerable<MessageSource> Sources() =>
        Content.Errors.Count > 0
            ? []
            : Content.Messages.Select(message => new MessageSource(Path, Namespace, message, HasPartner(message)));

    public IEnumerable<ApiEntry> Apis() =>
        Sources()
            .Where(source => source.Message.Kind == MessageKind.Request && source.HasResponse)
            .Select(source => new ApiEntry(
                source.Message.Number,
                source.Message.Name,
                Namespace,
                source.Message.Versions.First,
                source.Message.Versions.Last,
                source.Message.Flexible.IsEmpty ? short.MaxValue : source.Message.Flexible.First));

    private bool HasPartner(MessageDefinition message) =>
        Content.Messages.Any(other => other.Kind == MessageKind.Response && other.Number == message.Number);
}

/// <summary>What one generated file depends on.</summary>
internal sealed record MessageSource(string Path, string Namespace, MessageDefinition Message, bool HasResponse)
{
    /// <summary>Part of the generated file's name, so that two definitions of one class do not fight for it.</summary>
    public string FileStem => System.IO.Path.GetFileNameWithoutExtension(Path);
}

/// <summary>A class and the definition it comes from.</summary>
internal sealed record GeneratedClass(string Name, string Path);
