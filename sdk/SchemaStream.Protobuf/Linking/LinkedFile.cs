using Google.Protobuf.Reflection;
using SchemaStream.Protobuf.Parsing;

namespace SchemaStream.Protobuf.Linking;

/// <summary>One file among those being linked, and which other files its names may come from.</summary>
internal sealed class LinkedFile(FileDescriptorProto proto, SourcePlaces places)
{
    public FileDescriptorProto Proto { get; } = proto;

    public SourcePlaces Places { get; } = places;

    public bool IsProto3 { get; } = proto.Syntax == "proto3";

    /// <summary>Whether it is one of ours, which needs no checks.</summary>
    public bool IsBuiltIn { get; init; }

    /// <summary>Whether it is the file asked for, whose name in a fault would tell nothing.</summary>
    public bool IsMain { get; init; }

    /// <summary>The files that who imports this one sees: itself and its public imports, theirs too.</summary>
    public HashSet<LinkedFile> Exported { get; } = [];

    /// <summary>The files whose names this one may use: itself, and what its imports export.</summary>
    public HashSet<LinkedFile> Visible { get; } = [];

    /// <summary>The packages, each prefix one, of all visible files.</summary>
    public HashSet<string> VisiblePackages { get; } = new(StringComparer.Ordinal);

    public ProtoSchemaException Fault(string message, Place place) => Fault(IsMain ? null : Proto.Name, message, place);

    public ProtoSchemaException Fault(string message, object element, PlacePart part = PlacePart.Name, int index = 0) =>
        Fault(message, Places.Of(element, part, index));

    public static ProtoSchemaException Fault(string? file, string message, Place place) =>
        new(
            file,
            message.Length > ProtoLimits.MaxMessageLength ? message[..ProtoLimits.MaxMessageLength] + "..." : message,
            place.Line,
            place.Column);

    /// <summary>The file's package and every prefix of it.</summary>
    public IEnumerable<string> Packages()
    {
        for (var name = Proto.Package; name.Length > 0; name = Names.Parent(name))
        {
            yield return name;
        }
    }
}
