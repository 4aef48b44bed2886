namespace SchemaStream.Protobuf.Parsing;

internal enum TokenKind
{
    End,
    Identifier,
    Integer,
    Float,
    String,
    Symbol,
}
