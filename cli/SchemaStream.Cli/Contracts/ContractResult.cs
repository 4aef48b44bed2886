using System.Globalization;
using System.Text.Json;

namespace SchemaStream.Cli.Contracts;

/// <summary>Contracts as results.</summary>
internal static class ContractResult
{
    public static void Tell(CommandContext context, TopicContract contract)
    {
        context.Output.Line($"topic    {contract.Topic}");
        context.Output.Line($"key      {Describe(contract.Key)}");
        context.Output.Line($"value    {Describe(contract.Value)}");
        context.Output.Line($"binding  {NameOf(contract.Binding)}{(contract.BoundBy is null ? "" : $", by {contract.BoundBy}")}"
            + (contract.Since is { } since ? $", {since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}" : ""));
        context.Output.Json(writer => Write(writer, contract));
    }

    public static string Describe(SlotContract? slot) => slot is null
        ? "(nothing has bound it)"
        : slot.Describe()
            + (slot.Subject is null ? "" : $", subject {slot.Subject}")
            + (slot.Evolution == EvolutionPolicy.Frozen ? ", frozen" : "");

    public static string NameOf(ContractBinding binding) => binding == ContractBinding.Implicit ? "IMPLICIT" : "EXPLICIT";

    public static void Write(Utf8JsonWriter writer, TopicContract contract)
    {
        writer.WriteStartObject();
        writer.WriteString("topic", contract.Topic);
        WriteSlot(writer, "key", contract.Key);
        WriteSlot(writer, "value", contract.Value);
        writer.WriteString("binding", NameOf(contract.Binding));
        if (contract.Since is { } since)
        {
            writer.WriteString("since", since.ToString("O", CultureInfo.InvariantCulture));
        }

        if (contract.BoundBy is { } by)
        {
            writer.WriteString("boundBy", by);
        }

        writer.WriteEndObject();
    }

    private static void WriteSlot(Utf8JsonWriter writer, string name, SlotContract? slot)
    {
        if (slot is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartObject(name);
        writer.WriteString("format", SchemaFormatNames.NameOf(slot.Format));
        if (slot.Type is { } type)
        {
            writer.WriteString("type", type);
        }

        if (slot.Subject is { } subject)
        {
            writer.WriteString("subject", subject);
        }

        if (slot.Evolution is { } evolution)
        {
            writer.WriteString("evolution", evolution == EvolutionPolicy.Frozen ? "FROZEN" : "COMPATIBLE");
        }

        writer.WriteEndObject();
    }
}
