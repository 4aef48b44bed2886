using System.Globalization;
using System.Text.Json;
using SchemaStream.Registry.Core;

namespace SchemaStream.Registry.Http;

/// <summary>A slot as sent: perhaps none.</summary>
internal readonly record struct SentSlot(SlotContract? Contract);

/// <summary>Topic contracts as JSON.</summary>
internal static class ContractJson
{
    public static void Write(Utf8JsonWriter writer, TopicContract contract)
    {
        writer.WriteStartObject();
        writer.WriteString("topic", contract.Topic);
        WriteSlot(writer, "key", contract.Key);
        WriteSlot(writer, "value", contract.Value);
        writer.WriteString("binding", ContractNames.NameOf(contract.Binding));
        if (contract.Since is { } since)
        {
            writer.WriteString("since", since.ToString("O", CultureInfo.InvariantCulture));
        }

        if (contract.BoundBy is not null)
        {
            writer.WriteString("boundBy", contract.BoundBy);
        }

        writer.WriteEndObject();
    }

    public static Outcome<SentSlot> ReadSlot(string name, JsonFields? fields)
    {
        if (fields is null)
        {
            return new SentSlot(null);
        }

        var (format, type, subject) = (fields.Text("format"), fields.Text("type"), fields.Text("subject"));
        var evolution = fields.Text("evolution");
        if (fields.Error is { } malformed)
        {
            return malformed;
        }

        if (!SchemaFormatNames.TryParse(format, out var known))
        {
            return new RegistryError(
                ErrorCodes.InvalidContract,
                $"The {name}'s 'format' is {(format is null ? "missing" : $"'{format}'")}. " +
                $"Formats are {string.Join(", ", SchemaFormatNames.All)}.");
        }

        var policy = ContractNames.EvolutionOf(evolution);
        return evolution is not null && policy is null
            ? new RegistryError(
                ErrorCodes.InvalidContract, $"The {name}'s 'evolution' is '{evolution}'. It is COMPATIBLE or FROZEN.")
            : new SentSlot(new SlotContract(
                known, string.IsNullOrEmpty(type) ? null : type, string.IsNullOrEmpty(subject) ? null : subject, policy));
    }

    private static void WriteSlot(Utf8JsonWriter writer, string name, SlotContract? slot)
    {
        if (slot is null)
        {
            return;
        }

        writer.WriteStartObject(name);
        writer.WriteString("format", SchemaFormatNames.NameOf(slot.Format));
        if (slot.Type is not null)
        {
            writer.WriteString("type", slot.Type);
        }

        if (slot.Subject is not null)
        {
            writer.WriteString("subject", slot.Subject);
        }

        if (slot.Evolution is { } evolution)
        {
            writer.WriteString("evolution", ContractNames.NameOf(evolution));
        }

        writer.WriteEndObject();
    }
}
