namespace SchemaStream.Registry.Client.Caching;

/// <summary>A schema under a subject, compared by content.</summary>
internal readonly record struct SchemaKey(string Subject, SchemaFormat Format, string Text, string References)
{
    public static SchemaKey Of(string subject, SchemaDefinition schema) => new(
        subject,
        schema.Format,
        schema.Text,
        schema.References is { Count: > 0 } references
            ? string.Join('\n', references.Select(r => $"{r.Name}\t{r.Subject}\t{r.Version}"))
            : "");
}
