using System.Collections;
using System.Text;
using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Tests.Messages;

/// <summary>A message as text: equal texts are equal messages, and a difference can be read.</summary>
internal static class MessageText
{
    public static string Of(DefinedMessage message, object value) => Struct(message, value, message.Definition.Root);

    private static string Struct(DefinedMessage message, object value, StructDefinition type)
    {
        var text = new StringBuilder("{");
        foreach (var field in type.Fields)
        {
            text.Append(' ').Append(field.Name).Append('=');
            text.Append(Value(message, value.GetType().GetProperty(field.Name)!.GetValue(value), field.Type));
        }

        return text.Append(" }").ToString();
    }

    private static string Value(DefinedMessage message, object? value, FieldType type) =>
        value switch
        {
            null => "null",
            IList list => "[" + string.Join(", ", list.Cast<object?>().Select(item => Value(message, item, type.Element))) + "]",
            ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
            string text => $"'{text}'",
            _ when type.IsStruct => Struct(message, value, message.StructOf(type)),
            _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
        };
}
