namespace SchemaStream.Compression;

/// <summary>A payload that cannot be decompressed within its bound, or a codec whose library the machine lacks.</summary>
public sealed class CompressionException : Exception
{
    public CompressionException()
    {
    }

    public CompressionException(string message)
        : base(message)
    {
    }

    public CompressionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal static CompressionException TooLarge(string codec, int maxBytes) =>
        new($"{codec}: the payload decompresses to more than the {maxBytes} bytes allowed");

    internal static CompressionException Corrupt(string codec, string why) =>
        new($"{codec}: the payload is corrupt: {why}");

    internal static CompressionException LibraryMissing(string library, string debianPackage, Exception cause) =>
        new($"{library} is missing on this machine; install it (Debian: apt-get install {debianPackage})", cause);
}
