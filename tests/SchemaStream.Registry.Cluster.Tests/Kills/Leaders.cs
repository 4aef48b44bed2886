using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Kills;

/// <summary>Who leads, asked of everyone.</summary>
internal static class Leaders
{
    public static async Task<RegistryCaller> FindAsync(IRegistries registries) => (await Eventually.GetAsync(
        async () =>
        {
            foreach (var registry in registries.All)
            {
                if (await registry.LeadsAsync())
                {
                    return registry;
                }
            }

            return null;
        },
        found => found is not null,
        "an instance leads"))!;
}
