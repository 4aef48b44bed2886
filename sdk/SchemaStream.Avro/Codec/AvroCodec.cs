using System.ComponentModel;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Codec;

/// <summary>
/// Avro code of one C# type that was generated when the program was built: no reflection, nothing compiled at run time.
/// </summary>
/// <remarks>
/// The source generator writes an heir for each type with <c>[SchemaStreamContract]</c>. The bytes are those of the code
/// that is compiled at run time for the same type.
/// </remarks>
/// <typeparam name="T">The C# type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class AvroCodec<T>
{
    private AvroSchema? _schema;

    /// <summary>The schema that the code was generated for, as compact JSON.</summary>
    public abstract string SchemaText { get; }

    /// <summary>The schema that the code was generated for; read from its text once.</summary>
    public AvroSchema Schema => _schema ??= AvroSchema.Parse(SchemaText);

    /// <summary>Writes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="start">The first byte of the span.</param>
    /// <param name="position">Where to begin in it.</param>
    /// <param name="length">The span's length.</param>
    /// <param name="depth">How many values of recursive types enclose this one; see <see cref="AvroWriter.CheckDepth"/>.</param>
    /// <returns>The next position, or <see cref="AvroWriter.Full"/> when the span is too small.</returns>
    /// <exception cref="AvroDataException">The schema cannot carry the value.</exception>
    public abstract int Write(T value, ref byte start, int position, int length, int depth);

    /// <summary>Reads a value that was written with <see cref="Schema"/>.</summary>
    /// <param name="reader">The payload; on return it stands behind the value.</param>
    /// <exception cref="AvroDataException">The bytes do not follow the schema.</exception>
    public abstract T Read(ref AvroReader reader);

    /// <summary>Reads a value that was written with another schema.</summary>
    /// <param name="reader">The payload; on return it stands behind the value.</param>
    /// <param name="plan">How data of that schema becomes the type.</param>
    /// <exception cref="AvroDataException">The bytes do not follow the writer's schema, or hold what the type cannot.</exception>
    public abstract T Read(ref AvroReader reader, AvroPlan plan);
}
