namespace SchemaStream.Avro.Codec;

/// <summary>The writer's symbols as the reader's values.</summary>
internal sealed class EnumReader<T>(string name, IReadOnlyList<string> symbols, T[] values, bool[] isKnown)
{
    public T Read(ref AvroReader reader)
    {
        var ordinal = reader.ReadSymbol(values.Length);
        return isKnown[ordinal]
            ? values[ordinal]
            : throw new AvroDataException(
                $"the symbol {symbols[ordinal]} is not known to the reader's {name}, which has no default", isAfterValue: true);
    }
}
