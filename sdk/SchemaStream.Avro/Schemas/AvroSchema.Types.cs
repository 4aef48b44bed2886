using System.Diagnostics.CodeAnalysis;
using System.Text;
using SchemaStream.Avro.Derivation;
using SchemaStream.Avro.Text;

namespace SchemaStream.Avro.Schemas;

/// <content>What needs reflection or cryptography. The rest of the schema model compiles into the source generator too.</content>
public abstract partial class AvroSchema
{
    /// <summary>The schema of a C# type.</summary>
    /// <typeparam name="T">A record, class, struct, enum, collection or primitive.</typeparam>
    /// <exception cref="AvroSchemaException">The type has a shape that Avro cannot carry; the message names the member and what to do.</exception>
    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    public static AvroSchema FromType<T>() => SchemaDerivation.FromType(typeof(T));

    /// <summary>The schema of a C# type.</summary>
    /// <param name="type">A record, class, struct, enum, collection or primitive.</param>
    /// <exception cref="AvroSchemaException">The type has a shape that Avro cannot carry; the message names the member and what to do.</exception>
    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    public static AvroSchema FromType(Type type) => SchemaDerivation.FromType(type);

    /// <summary>The 64-bit Rabin fingerprint of the canonical form (CRC-64-AVRO).</summary>
    public ulong Fingerprint() => RabinFingerprint.Compute(Encoding.UTF8.GetBytes(CanonicalForm));

    /// <summary>A fingerprint of the canonical form.</summary>
    /// <param name="algorithm">Which; CRC-64-AVRO comes little-endian, as in single-object encoding.</param>
    public byte[] Fingerprint(AvroFingerprintAlgorithm algorithm) => Fingerprints.Compute(CanonicalForm, algorithm);
}
