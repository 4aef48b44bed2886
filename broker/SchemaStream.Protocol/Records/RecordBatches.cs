using SchemaStream.Protocol.Checksums;

namespace SchemaStream.Protocol.Records;

/// <summary>Cuts bytes into batches and says what is wrong with them.</summary>
public static class RecordBatches
{
    /// <summary>
    /// Finds the size of the batch that <paramref name="input"/> begins with, from its length field and magic alone.
    /// </summary>
    public static RecordBatchFault Measure(ReadOnlySpan<byte> input, out int sizeInBytes)
    {
        sizeInBytes = 0;
        if (input.IsEmpty)
        {
            return RecordBatchFault.Empty;
        }

        // Magic lies at the same place in every version, so that old message sets can be told from garbage.
        if (input.Length > RecordBatchHeader.MagicPosition)
        {
            switch ((sbyte)input[RecordBatchHeader.MagicPosition])
            {
                case RecordBatchHeader.CurrentMagic:
                    break;
                case 0 or 1:
                    return RecordBatchFault.OldMagic;
                default:
                    return RecordBatchFault.UnknownMagic;
            }
        }

        if (input.Length < RecordBatchHeader.Size)
        {
            return RecordBatchFault.Truncated;
        }

        var size = new RecordBatchHeader(input).SizeInBytes;
        if (size < RecordBatchHeader.Size)
        {
            return RecordBatchFault.LengthTooSmall;
        }

        if (size > input.Length)
        {
            return RecordBatchFault.Truncated;
        }

        sizeInBytes = (int)size;
        return RecordBatchFault.None;
    }

    /// <summary>Batch by batch, without a copy. A batch that does not fit throws when it is reached.</summary>
    public static IEnumerable<RecordBatch> Split(ReadOnlyMemory<byte> batches)
    {
        while (!batches.IsEmpty)
        {
            var fault = Measure(batches.Span, out var size);
            if (fault != RecordBatchFault.None)
            {
                throw new CorruptRecordException(fault.Describe());
            }

            yield return new RecordBatch(batches[..size]);
            batches = batches[size..];
        }
    }

    /// <summary>
    /// Checks one batch as it lies on disk or comes from a leader: length, magic, checksum, counts, codec.
    /// </summary>
    public static RecordBatchFault Validate(ReadOnlySpan<byte> input, out int sizeInBytes)
    {
        var fault = Measure(input, out sizeInBytes);
        if (fault != RecordBatchFault.None)
        {
            return fault;
        }

        var header = new RecordBatchHeader(input);
        if (header.Crc != Crc32C.Compute(input[RecordBatchHeader.AttributesPosition..sizeInBytes]))
        {
            return RecordBatchFault.ChecksumMismatch;
        }

        return ValidateFields(header);
    }

    /// <summary>
    /// Checks one batch as a client produces it. Compaction leaves gaps, a producer does not: here the count is the last
    /// offset delta plus one, and records that are not compressed are looked at one by one.
    /// </summary>
    /// <param name="maxTimestamp">The newest timestamp among the records, as far as they could be looked at.</param>
    public static RecordBatchFault ValidateProduced(
        ReadOnlySpan<byte> input, in ProducedBatchRules rules, out int sizeInBytes, out long maxTimestamp)
    {
        maxTimestamp = RecordBatchHeader.NoTimestamp;
        var fault = Measure(input, out sizeInBytes);
        if (fault != RecordBatchFault.None)
        {
            return fault;
        }

        if (sizeInBytes > rules.MaxMessageBytes)
        {
            return RecordBatchFault.TooLarge;
        }

        fault = Validate(input[..sizeInBytes], out _);
        if (fault != RecordBatchFault.None)
        {
            return fault;
        }

        var header = new RecordBatchHeader(input);
        fault = ValidateProducedFields(header, rules);
        if (fault != RecordBatchFault.None)
        {
            return fault;
        }

        maxTimestamp = header.MaxTimestamp;
        return header.Compression == CompressionType.None
            ? ValidateRecords(header, input[RecordBatchHeader.Size..sizeInBytes], rules, out maxTimestamp)
            : RecordBatchFault.None;
    }

    /// <summary>Looks at every record of a produced batch; <paramref name="records"/> are uncompressed.</summary>
    public static RecordBatchFault ValidateRecords(
        RecordBatchHeader header, ReadOnlySpan<byte> records, in ProducedBatchRules rules, out long maxTimestamp)
    {
        maxTimestamp = RecordBatchHeader.NoTimestamp;
        var reader = new RecordBatchReader(header, records);
        for (var expectedDelta = 0; ; expectedDelta++)
        {
            var fault = reader.Advance(out var moved);
            if (fault != RecordBatchFault.None || !moved)
            {
                return fault;
            }

            if (reader.Current.OffsetDelta != expectedDelta)
            {
                return RecordBatchFault.OffsetDeltaMismatch;
            }

            if (rules.RequireKeys && !reader.Current.HasKey)
            {
                return RecordBatchFault.MissingKey;
            }

            if (!rules.AllowsTimestamp(reader.Current.Timestamp))
            {
                return RecordBatchFault.TimestampOutOfRange;
            }

            maxTimestamp = Math.Max(maxTimestamp, reader.Current.Timestamp);
        }
    }

    /// <summary>
    /// The records that a topic does not take, by their place in the batch, and why; of a batch that was found to have such.
    /// </summary>
    /// <param name="records">Uncompressed.</param>
    /// <param name="limit">How many to find at most.</param>
    public static List<(int Index, RecordBatchFault Fault)> FindRefused(
        RecordBatchHeader header, ReadOnlySpan<byte> records, in ProducedBatchRules rules, int limit)
    {
        var refused = new List<(int Index, RecordBatchFault Fault)>();
        var reader = new RecordBatchReader(header, records);
        for (var index = 0; refused.Count < limit; index++)
        {
            if (reader.Advance(out var moved) != RecordBatchFault.None || !moved)
            {
                break;
            }

            if (rules.RequireKeys && !reader.Current.HasKey)
            {
                refused.Add((index, RecordBatchFault.MissingKey));
            }
            else if (!rules.AllowsTimestamp(reader.Current.Timestamp))
            {
                refused.Add((index, RecordBatchFault.TimestampOutOfRange));
            }
        }

        return refused;
    }

    private static RecordBatchFault ValidateFields(RecordBatchHeader header)
    {
        if (header.Compression > CompressionType.Zstd)
        {
            return RecordBatchFault.UnknownCompression;
        }

        // Compaction may leave fewer records than offsets, even none, but never more.
        return header.RecordCount < 0 || header.LastOffsetDelta < 0 || header.RecordCount > header.LastOffsetDelta + 1L
            || header.BaseOffset < 0 || header.BaseOffset > long.MaxValue - header.LastOffsetDelta - 1
            ? RecordBatchFault.CountMismatch
            : RecordBatchFault.None;
    }

    private static RecordBatchFault ValidateProducedFields(RecordBatchHeader header, in ProducedBatchRules rules)
    {
        if (header.RecordCount <= 0 || header.RecordCount != header.LastOffsetDelta + 1L)
        {
            return RecordBatchFault.CountMismatch;
        }

        if (header.IsControlBatch && !rules.AllowControlBatches)
        {
            return RecordBatchFault.ControlBatch;
        }

        if (header.HasProducerId)
        {
            // Brokers' own writes on behalf of a producer (offset commits, markers) carry no sequence.
            if (header.ProducerEpoch < 0 || (header.BaseSequence < 0 && rules.RequireSequences))
            {
                return RecordBatchFault.InvalidSequence;
            }
        }
        else if (header.IsTransactional)
        {
            return RecordBatchFault.TransactionalWithoutProducerId;
        }

        return rules.AllowsTimestamp(header.MaxTimestamp) ? RecordBatchFault.None : RecordBatchFault.TimestampOutOfRange;
    }
}
