using System.Text;
using Google.Protobuf;

namespace SchemaStream.Protobuf.Tags;

/// <summary>The value of <c>(confluent.field_meta)</c> and its like: tags, and fields that are kept as they are.</summary>
/// <remarks>Options reach us as bytes that Google.Protobuf keeps without knowing them, so bytes are what is read and written.</remarks>
internal sealed class MetaOption
{
    /// <summary>The number of each of the options, whatever they are on.</summary>
    private const int OptionNumber = 1088;

    private const int TagsNumber = 3;

    private readonly List<byte[]> _otherFields = [];

    private readonly HashSet<string> _present = new(StringComparer.Ordinal);
    private readonly List<string> _added = [];

    public IReadOnlyList<string> Tags => [.. _added.Where(_present.Contains).Distinct(StringComparer.Ordinal)];

    public void Add(IEnumerable<string> tags) => _added.AddRange(tags.Where(_present.Add));

    public void Remove(IEnumerable<string> tags) => _present.ExceptWith(tags);

    /// <summary>Takes options apart: the value, null where there is none, and all other options' bytes.</summary>
    public static (MetaOption? Meta, byte[] Others) Split(IMessage options)
    {
        MetaOption? meta = null;
        using var others = new MemoryStream();
        foreach (var field in Fields(options.ToByteArray()))
        {
            if (field.Number == OptionNumber && Parts(field.Content) is { } parts)
            {
                (meta ??= new MetaOption()).Merge(parts);
            }
            else
            {
                others.Write(field.Whole);
            }
        }

        return (meta, others.ToArray());
    }

    /// <summary>Options' bytes, put together again; an empty value is left out.</summary>
    public byte[] Join(byte[] others)
    {
        using var value = new MemoryStream();
        foreach (var field in _otherFields)
        {
            value.Write(field);
        }

        var output = new CodedOutputStream(value, leaveOpen: true);
        foreach (var tag in Tags)
        {
            output.WriteTag(TagsNumber, WireFormat.WireType.LengthDelimited);
            output.WriteString(tag);
        }

        output.Flush();
        using var options = new MemoryStream();
        options.Write(others);
        if (value.Length > 0)
        {
            var whole = new CodedOutputStream(options, leaveOpen: true);
            whole.WriteTag(OptionNumber, WireFormat.WireType.LengthDelimited);
            whole.WriteBytes(ByteString.CopyFrom(value.ToArray()));
            whole.Flush();
        }

        return options.ToArray();
    }

    // Somebody may have another option of this number, which is not a message: it is kept as it is.
    private static List<Field>? Parts(byte[]? value)
    {
        try
        {
            return value is null ? null : [.. Fields(value)];
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private void Merge(List<Field> parts)
    {
        foreach (var field in parts)
        {
            if (field.Number == TagsNumber && field.Content is not null)
            {
                Add([Encoding.UTF8.GetString(field.Content)]);
            }
            else
            {
                _otherFields.Add(field.Whole);
            }
        }
    }

    private static IEnumerable<Field> Fields(byte[] message)
    {
        using var input = new CodedInputStream(message);
        while (true)
        {
            var start = (int)input.Position;
            var tag = input.ReadTag();
            if (tag == 0)
            {
                yield break;
            }

            byte[]? content = null;
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                content = input.ReadBytes().ToByteArray();
            }
            else
            {
                input.SkipLastField();
            }

            yield return new Field(WireFormat.GetTagFieldNumber(tag), content, message[start..(int)input.Position]);
        }
    }

    private readonly record struct Field(int Number, byte[]? Content, byte[] Whole);
}
