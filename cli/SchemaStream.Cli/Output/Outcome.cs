namespace SchemaStream.Cli.Output;

/// <summary>What became of one of several things that were to be deleted.</summary>
/// <param name="Name">Of the thing.</param>
/// <param name="IsDone">Whether it is gone.</param>
/// <param name="Error">Why it is not; null for a dry run.</param>
internal sealed record Outcome(string Name, bool IsDone, string? Error)
{
    /// <summary>Tells of all of them.</summary>
    /// <param name="many">What the list is called.</param>
    /// <param name="one">What one of it is called.</param>
    public static void Tell(CommandContext context, string many, string one, IReadOnlyList<Outcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            context.Output.Line(outcome switch
            {
                { IsDone: true } => $"deleted {one} {outcome.Name}",
                { Error: { } error } => $"not deleted: {one} {outcome.Name}: {error}",
                _ => $"would delete {one} {outcome.Name}",
            });
        }

        context.Output.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("dryRun", context.IsDryRun);
            writer.WriteStartArray(many);
            foreach (var outcome in outcomes)
            {
                writer.WriteStartObject();
                writer.WriteString(one, outcome.Name);
                writer.WriteBoolean("deleted", outcome.IsDone);
                writer.WriteString("error", outcome.Error);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }
}
