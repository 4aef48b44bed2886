namespace SchemaStream.Protocol.Generator.Notation;

internal enum MessageKind
{
    Request,
    Response,

    /// <summary>Written to a log under a number.</summary>
    Record,

    /// <summary>Travels inside a byte field of another message, without a number of its own.</summary>
    Data,
}

/// <summary>One message: everything that its generated file depends on, and nothing else (no line numbers).</summary>
internal sealed record MessageDefinition(
    MessageKind Kind,
    short Number,
    string Name,
    VersionRange Versions,
    VersionRange Flexible,
    string Doc,
    StructDefinition Root,
    EquatableArray<StructDefinition> Structs)
{
    /// <summary>The generated class.</summary>
    public string ClassName => Root.Name;
}

/// <summary>A class: the message itself or a struct in it. Versions are those in which it can occur.</summary>
internal sealed record StructDefinition(string Name, VersionRange Versions, EquatableArray<FieldDefinition> Fields);

internal sealed record FieldDefinition(
    string Name,
    FieldType Type,
    VersionRange Versions,
    VersionRange Nullable,
    int? Tag,
    string? Default,
    string Doc)
{
    public bool IsTagged => Tag is not null;
}

/// <summary>A primitive or struct, or an array of it.</summary>
internal readonly record struct FieldType(Primitive Primitive, string? Struct, bool IsArray)
{
    public bool IsStruct => Primitive == Primitive.Struct;

    public FieldType Element => this with { IsArray = false };

    public override string ToString() =>
        (IsArray ? "[]" : "") + (Struct ?? Primitives.NotationOf(Primitive));
}

/// <summary>What is wrong, and where: line and columns count from zero.</summary>
internal sealed record DefinitionError(ErrorKind Kind, int Line, int Column, int Length, string Text);

internal enum ErrorKind
{
    /// <summary>A line that is not in the notation.</summary>
    Syntax,

    /// <summary>Well written, but it contradicts itself.</summary>
    Meaning,
}

/// <summary>What a definition file says. With errors, messages hold only what could be understood.</summary>
internal sealed record DefinitionFile(EquatableArray<MessageDefinition> Messages, EquatableArray<DefinitionError> Errors);
