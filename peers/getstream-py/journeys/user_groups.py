def travel(t, api):
    client = api.client
    john, jane = api.users(t, "john", "jane")
    id = t.id("group")

    def group():
        return client.get_user_group(id=id).data.user_group

    with t.step("keeps a group"):
        client.create_user_group(id=id, name=f"{t.name} support", description="Helps", member_ids=[john])
        t.equal((group().name, group().description), (f"{t.name} support", "Helps"), "the group")
        client.add_user_group_members(id=id, member_ids=[jane])
        t.same_set([member.user_id for member in group().members], [john, jane], "its members")
        client.remove_user_group_members(id=id, member_ids=[john])
        t.equal([member.user_id for member in group().members], [jane], "after a removal")
        client.update_user_group(id=id, name="Renamed")
        t.equal(group().name, "Renamed", "the update")
        found = client.search_user_groups(query="Rena").data.user_groups
        t.includes([each.id for each in found], id, "a search")
        t.includes([each.id for each in client.list_user_groups().data.user_groups], id, "the list")

    with t.step("deletes it"):
        client.delete_user_group(id=id)
        t.refuses(group, "the deleted group", status=404, code=16)
        t.refuses(lambda: client.add_user_group_members(id=id, member_ids=[john]), "adding members", status=404, code=16)
