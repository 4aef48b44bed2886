using System.Globalization;
using System.Text.Json;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Contracts;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Http;

/// <summary>A slot as sent: perhaps none.</summary>
internal readonly record struct SentSlot(SlotContract? Contract);

/// <summary>Topic contracts as JSON.</summary>
internal static class ContractJson
{
    /// <summary>A contract with the topics before and after its own.</summary>
    public static void Write(Utf8JsonWriter writer, ContractsImage all, TopicContract contract)
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

        if (all.ByTopic.GetValueOrDefault(contract.Topic)?.Predecessor is { } predecessor)
        {
            writer.WriteString("predecessor", predecessor);
        }

        if (all.Successors.GetValueOrDefault(contract.Topic) is { } successor)
        {
            writer.WriteString("successor", successor);
        }

        writer.WriteEndObject();
    }

    /// <summary>What once happened to a contract.</summary>
    public static void WriteFact(Utf8JsonWriter writer, RegistryRecord fact)
    {
        writer.WriteStartObject();
        switch (fact)
        {
            case BindRecord bind:
                writer.WriteString("event", "BIND");
                WriteSlot(writer, "key", bind.Key);
                WriteSlot(writer, "value", bind.Value);
                writer.WriteString("binding", ContractNames.NameOf(bind.Binding));
                if (bind.Predecessor is not null)
                {
                    writer.WriteString("predecessor", bind.Predecessor);
                }

                WriteStamp(writer, bind.At, bind.By);
                break;
            case UnbindRecord unbind:
                writer.WriteString("event", "UNBIND");
                WriteStamp(writer, unbind.At, unbind.By);
                break;
            default:
                throw new ArgumentException($"{fact.GetType().Name} is no fact of a contract.", nameof(fact));
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
        var types = fields.Strings("types");
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

        if (types is not null)
        {
            var joined = TypeSet.Join(types);
            if (types.Any(name => string.IsNullOrWhiteSpace(name)) || (type is not null && TypeSet.Join(type.Split(',')) != joined))
            {
                return new RegistryError(
                    ErrorCodes.InvalidContract, $"The {name}'s 'types' are full names, and 'type' says nothing else or is left out.");
            }

            if (types.Count > 1 && known != SchemaFormat.Avro)
            {
                return new RegistryError(
                    ErrorCodes.InvalidContract,
                    $"The {name} is {SchemaFormatNames.NameOf(known)}: only AVRO has unions of several 'types'. " +
                    "Wrap them in one type, such as a message with a oneof.");
            }

            type = joined;
        }
        else if (type is not null && known == SchemaFormat.Avro)
        {
            type = TypeSet.Join(type.Split(','));
        }

        var policy = ContractNames.EvolutionOf(evolution);
        return evolution is not null && policy is null
            ? new RegistryError(
                ErrorCodes.InvalidContract, $"The {name}'s 'evolution' is '{evolution}'. It is COMPATIBLE or FROZEN.")
            : new SentSlot(new SlotContract(
                known, string.IsNullOrEmpty(type) ? null : type, string.IsNullOrEmpty(subject) ? null : subject, policy));
    }

    private static void WriteStamp(Utf8JsonWriter writer, DateTimeOffset at, string by)
    {
        writer.WriteString("at", at.ToString("O", CultureInfo.InvariantCulture));
        writer.WriteString("by", by);
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

        if (TypeSet.Names(slot) is { Count: > 1 } types)
        {
            writer.WritePropertyName("types");
            Lists.Strings(writer, types);
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
