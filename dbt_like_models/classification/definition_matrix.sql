-- What: who qualifies under which definition, all verdicts of an organisation side by side.
-- Grain: one row a published organisation.
with final as (
    select
        org_id,
        max(verdict) filter (where definition_id = 'cabinet-office-2012') as cabinet_office_2012,
        max(verdict) filter (where definition_id = 'dcms-2018') as dcms_2018,
        max(verdict) filter (where definition_id = 'pcr-2015-reg-77') as pcr_2015_reg_77,
        max(verdict) filter (where definition_id = 'procurement-act-2023') as procurement_act_2023,
        max(verdict) filter (where definition_id = 'traditional-mutual') as traditional_mutual,
        coalesce(
            list_sort(list(definition_id) filter (where verdict in ('mutual', 'probable'))), []
        ) as qualifies_under
    from classifications
    group by org_id
)

select
    org_id,
    cabinet_office_2012,
    dcms_2018,
    pcr_2015_reg_77,
    procurement_act_2023,
    traditional_mutual,
    qualifies_under
from final
