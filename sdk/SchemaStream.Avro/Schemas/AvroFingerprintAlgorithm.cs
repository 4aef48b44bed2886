namespace SchemaStream.Avro.Schemas;

/// <summary>The fingerprints that the specification recommends.</summary>
public enum AvroFingerprintAlgorithm
{
    /// <summary>64-bit Rabin.</summary>
    Crc64 = 0,

    /// <summary>128 bits.</summary>
    Md5 = 1,

    /// <summary>256 bits.</summary>
    Sha256 = 2,
}
