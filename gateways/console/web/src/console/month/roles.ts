// Whom the routes of publishing and sealing name (gateways/routes.cpp): nobody else is shown a button the server refuses.
export const PUBLISHERS = ['shift_leader', 'coordinator', 'evaluator', 'inspector', 'leader', 'auditor'];
export const SEALERS = ['evaluator', 'leader'];
