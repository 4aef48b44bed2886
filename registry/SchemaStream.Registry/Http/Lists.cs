using System.Text.Json;
using SchemaStream.Registry.Core;

namespace SchemaStream.Registry.Http;

/// <summary>JSON arrays of the simple kinds.</summary>
internal static class Lists
{
    public static void Strings(Utf8JsonWriter writer, IReadOnlyList<string> items) =>
        Of(writer, items, writer.WriteStringValue);

    public static void Subjects(Utf8JsonWriter writer, IReadOnlyList<Subject> items) =>
        Of(writer, items, subject => writer.WriteStringValue(subject.ToString()));

    public static void Numbers(Utf8JsonWriter writer, IReadOnlyList<int> items) =>
        Of(writer, items, writer.WriteNumberValue);

    public static void Of<T>(Utf8JsonWriter writer, IReadOnlyList<T> items, Action<T> write)
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            write(item);
        }

        writer.WriteEndArray();
    }
}
