using System.Globalization;
using System.Text.Json;
using SchemaStream.Cli.Consuming;
using SchemaStream.Cli.Formats;
using SchemaStream.Cli.Kafka.Producing;
using SchemaStream.Cli.Producing;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Cli.Migrating;

/// <summary>Makes of a record that was read the one that is written.</summary>
/// <param name="decoder">Reads what is written anew; null: everything is copied.</param>
/// <param name="keys">Writes keys anew; null: they are copied.</param>
/// <param name="values">Writes values anew; null: they are copied.</param>
/// <param name="partitions">How many partitions the new topic has.</param>
/// <param name="keepsPartitions">Whether each record stays in the partition of its number.</param>
internal sealed class RecordTransfer(RecordDecoder? decoder, SlotEncoder? keys, SlotEncoder? values, int partitions, bool keepsPartitions)
{
    /// <exception cref="CodecException">The record has no form in the new topic.</exception>
    public async ValueTask<WrittenRecord> TransferAsync(TakenRecord record, CancellationToken cancellationToken)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{record.Partition.Topic}-{record.Partition.Partition}@{record.Offset}");
        var key = await SlotAsync(RecordSlot.Key, record, record.Key, keys, place, cancellationToken);
        var value = await SlotAsync(RecordSlot.Value, record, record.Value, values, place, cancellationToken);
        return new WrittenRecord(
            keepsPartitions ? record.Partition.Partition
                : key is { } bytes ? (Partitioner.Murmur2(bytes.Span) & int.MaxValue) % partitions
                : record.Partition.Partition % partitions,
            record.Timestamp == RecordBatchHeader.NoTimestamp ? TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() : record.Timestamp,
            key,
            value,
            [.. record.Headers.Where(IsKept).Select(header => new Protocol.Records.RecordHeader(header.Key, Memory(header.Value)))]);
    }

    /// <summary>What is written anew names its schema before the payload: a header that still named the old one would win.</summary>
    private bool IsKept(TakenHeader header) =>
        !(header.Key == SchemaHeader.NameOf(RecordSlot.Key) && keys is not null)
        && !(header.Key == SchemaHeader.NameOf(RecordSlot.Value) && values is not null);

    private async ValueTask<ReadOnlyMemory<byte>?> SlotAsync(
        RecordSlot slot, TakenRecord record, byte[]? bytes, SlotEncoder? encoder, string place, CancellationToken cancellationToken)
    {
        if (bytes is null || encoder is null || decoder is null)
        {
            return Memory(bytes);
        }

        var before = decoder.Undecoded;
        var decoded = await decoder.DecodeAsync(slot, bytes, record.SchemaHeader(slot), place, cancellationToken);
        if (decoder.Undecoded != before)
        {
            throw new CodecException($"the {(slot == RecordSlot.Key ? "key" : "value")} of {place} cannot be read");
        }

        try
        {
            using var document = JsonDocument.Parse(decoded.Json, new JsonDocumentOptions { MaxDepth = 1000 });
            return Memory(encoder.Encode(document.RootElement));
        }
        catch (CodecException misfit)
        {
            throw new CodecException($"the {(slot == RecordSlot.Key ? "key" : "value")} of {place} does not fit {encoder.Description}: {misfit.Message}", misfit);
        }
    }

    private static ReadOnlyMemory<byte>? Memory(byte[]? bytes)
    {
        // Not with the conditional operator: its null would become empty memory.
        if (bytes is null)
        {
            return null;
        }

        return bytes;
    }
}
