using System.Buffers;

namespace SchemaStream.Protocol.Records;

/// <summary>Compresses the records of a batch. Codecs live outside this project; who builds batches brings one.</summary>
public delegate void RecordCompressor(CompressionType type, ReadOnlySpan<byte> records, IBufferWriter<byte> output);

/// <summary>Decompresses the records of a batch, refusing to produce more than <paramref name="maxBytes"/>.</summary>
public delegate void RecordDecompressor(
    CompressionType type, ReadOnlySpan<byte> payload, IBufferWriter<byte> output, int maxBytes);
