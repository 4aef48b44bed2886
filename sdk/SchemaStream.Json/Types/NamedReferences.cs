namespace SchemaStream.Json.Types;

/// <summary>Referenced schemas under the names that their referrers gave them, which the schemas themselves do not know.</summary>
internal static class NamedReferences
{
    public static IReadOnlyList<JsonSchemaReference> Of(RegisteredSchema schema, IReadOnlyList<RegisteredSchema> references)
    {
        var names = new Dictionary<(string, int), List<string>>();
        foreach (var referrer in references.Append(schema))
        {
            foreach (var reference in referrer.References)
            {
                if (!names.TryGetValue((reference.Subject, reference.Version), out var ofVersion))
                {
                    names[(reference.Subject, reference.Version)] = ofVersion = [];
                }

                if (!ofVersion.Contains(reference.Name))
                {
                    ofVersion.Add(reference.Name);
                }
            }
        }

        var named = new List<JsonSchemaReference>();
        foreach (var reference in references)
        {
            if (reference.Subject is { } subject && names.TryGetValue((subject, reference.Version), out var ofVersion))
            {
                named.AddRange(ofVersion.Select(name => new JsonSchemaReference(name, reference.Text)));
            }
        }

        return named;
    }
}
