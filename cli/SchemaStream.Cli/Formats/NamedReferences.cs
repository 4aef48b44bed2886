namespace SchemaStream.Cli.Formats;

/// <summary>A schema under the name by which another refers to it: a full name, a URI, an import's path.</summary>
internal sealed record NamedReference(string Name, string Text);

/// <summary>Gives registered schemas the names that those have for them who refer to them.</summary>
internal static class NamedReferences
{
    /// <param name="direct">The references of the schema itself.</param>
    /// <param name="all">All that it refers to, directly or not, each after what it needs.</param>
    public static IReadOnlyList<NamedReference> Of(IReadOnlyList<SchemaReference> direct, IReadOnlyList<RegisteredSchema> all)
    {
        var names = new Dictionary<(string?, int), List<string>>();
        foreach (var reference in all.SelectMany(schema => schema.References).Concat(direct))
        {
            if (!names.TryGetValue((reference.Subject, reference.Version), out var known))
            {
                names.Add((reference.Subject, reference.Version), known = []);
            }

            if (!known.Contains(reference.Name))
            {
                known.Add(reference.Name);
            }
        }

        // One name can be reached in several versions: the first is taken, as a program can be built with one alone.
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return
        [
            .. from schema in all
               from name in names.GetValueOrDefault((schema.Subject, schema.Version)) ?? []
               where taken.Add(name)
               select new NamedReference(name, schema.Text),
        ];
    }
}
