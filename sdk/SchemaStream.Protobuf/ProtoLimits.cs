namespace SchemaStream.Protobuf;

/// <summary>What a schema from outside may ask for. Nothing that people write comes near; what does is refused at once.</summary>
internal static class ProtoLimits
{
    /// <summary>The characters of one file, and the bytes of one descriptor.</summary>
    public const int MaxFileLength = 16 * 1024 * 1024;

    /// <summary>Messages within messages: protoc's own limit.</summary>
    public const int MaxMessageDepth = 32;

    /// <summary>Braces within braces in the value of an option.</summary>
    public const int MaxAggregateDepth = 64;

    /// <summary>The bytes of all options of one file: a list of numbers takes many times its text once it is read.</summary>
    public const int MaxOptionBytes = 2 * 1024 * 1024;

    /// <summary>The values in the braces of one option.</summary>
    public const int MaxOptionValues = 500_000;

    /// <summary>All files that a schema brings in, itself among them.</summary>
    public const int MaxFiles = 1_000;

    /// <summary>Files that import one another in a row.</summary>
    public const int MaxImportDepth = 200;

    /// <summary>The declarations of all files together: messages, fields, values, methods.</summary>
    public const int MaxSymbols = 250_000;

    /// <summary>The characters of one full name. Every declaration's is kept, so a long package would cost its length each time.</summary>
    public const int MaxNameLength = 1_024;

    /// <summary>The parts of one package: each is a scope that a name may have to be looked up in.</summary>
    public const int MaxPackageParts = 64;

    /// <summary>The characters of all full names together.</summary>
    public const int MaxNamesLength = 16 * 1024 * 1024;

    /// <summary>The characters of a refusal: what it quotes may be as long as the file.</summary>
    public const int MaxMessageLength = 2_000;

    /// <summary>The largest field number of the wire format.</summary>
    public const int MaxFieldNumber = 536_870_911;
}
