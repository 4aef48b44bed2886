using System.Buffers;
using System.Globalization;
using System.Text;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Http;

/// <summary>
/// The two replies that are asked for most, put together without a JSON writer: <see cref="SchemaJson"/> says what they
/// look like, and this gives the same bytes for schemas that have nothing but a text.
/// </summary>
internal static class SchemaBytes
{
    /// <summary>All that is around text and subject, and more.</summary>
    private const int Frame = 256;

    /// <summary>A schema as <c>/schemas/ids/{id}</c> shows it; null where it takes more than this knows. The array goes back to the pool.</summary>
    public static ArraySegment<byte>? ById(StoredSchema schema)
    {
        if (!IsPlain(schema))
        {
            return null;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(Frame + Utf8Strings.Room(schema.Content.Utf8Text.Length));
        var end = Put(bytes, 0, "{"u8);
        return Complete(bytes, PutContent(bytes, end, schema), "}"u8);
    }

    /// <summary>A version as <c>/subjects/{subject}/versions/latest</c> shows it; null where it takes more than this knows.</summary>
    public static ArraySegment<byte>? Of(Subject subject, VersionEntry entry)
    {
        var name = subject.ToString();
        if (!IsPlain(entry.Schema) || !Ascii.IsValid(name))
        {
            return null;
        }

        Span<byte> nameBytes = name.Length <= Frame ? stackalloc byte[name.Length] : new byte[name.Length];
        Encoding.ASCII.GetBytes(name, nameBytes);
        var bytes = ArrayPool<byte>.Shared.Rent(
            (Frame * 2) + Utf8Strings.Room(name.Length) + Utf8Strings.Room(entry.Schema.Content.Utf8Text.Length));
        var end = PutText(bytes, Put(bytes, 0, "{\"subject\":"u8), nameBytes);
        end = end < 0 ? end : PutNumber(bytes, Put(bytes, end, ",\"version\":"u8), entry.Version);
        end = end < 0 ? end : PutNumber(bytes, Put(bytes, end, ",\"id\":"u8), entry.Schema.Id);
        end = end < 0 ? end : PutContent(bytes, Put(bytes, end, ","u8), entry.Schema);
        end = end < 0 ? end : PutNumber(bytes, Put(bytes, end, ",\"ts\":"u8), entry.Timestamp.ToUnixTimeMilliseconds());
        return Complete(bytes, end, entry.IsLive ? ",\"deleted\":false}"u8 : ",\"deleted\":true}"u8);
    }

    private static bool IsPlain(StoredSchema schema) =>
        schema.References.Count == 0 && schema.Metadata is null && schema.RuleSet is null;

    private static int PutContent(byte[] bytes, int end, StoredSchema schema)
    {
        end = Put(bytes, end, "\"guid\":\""u8);
        schema.Guid.TryFormat(bytes.AsSpan(end), out var length);
        end = Put(bytes, end + length, "\",\"schemaType\":\""u8);
        end += Encoding.ASCII.GetBytes(SchemaFormatNames.NameOf(schema.Format), bytes.AsSpan(end));
        end = Put(bytes, end, "\",\"schema\":"u8);
        return PutText(bytes, end, schema.Content.Utf8Text);
    }

    /// <returns>The end; negative where the text is not one of the usual ones.</returns>
    private static int PutText(byte[] bytes, int end, ReadOnlySpan<byte> text) =>
        Utf8Strings.TryWrite(text, bytes.AsSpan(end), out var length) ? end + length : -1;

    private static int PutNumber(byte[] bytes, int end, long number)
    {
        number.TryFormat(bytes.AsSpan(end), out var length, default, CultureInfo.InvariantCulture);
        return end + length;
    }

    private static int Put(byte[] bytes, int end, ReadOnlySpan<byte> part)
    {
        part.CopyTo(bytes.AsSpan(end));
        return end + part.Length;
    }

    private static ArraySegment<byte>? Complete(byte[] bytes, int end, ReadOnlySpan<byte> last)
    {
        if (end >= 0)
        {
            return new ArraySegment<byte>(bytes, 0, Put(bytes, end, last));
        }

        ArrayPool<byte>.Shared.Return(bytes);
        return null;
    }
}
