namespace SchemaStream.Protobuf.Parsing;

/// <summary>Which part of a declaration a fault is in.</summary>
internal enum PlacePart
{
    Name,
    Number,
    Type,
    Default,
    Import,
    Extendee,
    Input,
    Output,
    ReservedName,
    OptionValue,
}
