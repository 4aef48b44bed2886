using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata;

/// <summary>One decision in the making: what it is decided on, and the records it leads to.</summary>
internal sealed class ControllerDraft(MetadataImage image, ControllerOptions options, Random random)
{
    public MetadataImage Image { get; } = image;

    public ControllerOptions Options { get; } = options;

    public List<IRecordMessage> Records { get; } = [];

    /// <summary>A number from 0 up to the bound, which it does not reach.</summary>
    public int Draw(int bound) => random.Next(bound);

    /// <summary>
    /// An id as Kafka makes them: random (version 4), none of the reserved ones, and in base64 not beginning with a dash,
    /// which command lines would take for an option.
    /// </summary>
    public Guid DrawTopicId()
    {
        const int dash = 62;
        Span<byte> bytes = stackalloc byte[16];
        Guid drawn;
        do
        {
            random.NextBytes(bytes);
            bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
            bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
            drawn = new Guid(bytes, bigEndian: true);
        }
        while (bytes[0] >> 2 == dash || Image.TryGetTopic(drawn, out _));

        return drawn;
    }
}
